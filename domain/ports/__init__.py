"""Everything that the domain and the use cases need from the outside, one promise a file."""
