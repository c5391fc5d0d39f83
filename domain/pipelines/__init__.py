"""From a request to pictures, written against the networks' port."""
