"""How near a converted network has to be to its original."""

#: What Apple's tool asks of every output, in dB of its own formula, `tensor_psnr_db`.
PASSING_PSNR_DB = 35.0
