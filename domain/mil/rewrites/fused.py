"""The names of the operations that only rewrites make; no package has them."""

#: query, key, value, scale, mask?, and which of the four are turned: transpose_query, _key ...
ATTENTION = "fused.attention"
#: query, key, value, scale; laid out as in `einsum_attention.py`.
EINSUM_ATTENTION = "fused.einsum_attention"
#: query, key, value, heads, scale; the heads lie one behind the other in the channels.
SPLIT_ATTENTION = "fused.split_attention"
#: x, weight, bias?, mode?
GATED_LINEAR = "fused.gated_linear"
#: The same for a convolution of 1 x 1.
GATED_POINTWISE = "fused.gated_pointwise"
#: x, shape (of the result), groups, epsilon, gamma, beta
GROUP_NORM = "fused.group_norm"
#: What linear takes, and other.
LINEAR_SUM = "fused.linear_sum"
#: What conv takes, and other.
CONVOLUTION_SUM = "fused.conv_sum"
