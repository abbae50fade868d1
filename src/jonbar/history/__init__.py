"""How the model sees what happened: surprise in bits, and how inevitable an outcome looked on each date."""
