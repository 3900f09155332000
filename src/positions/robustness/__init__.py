"""Every defensible variant of the analysis, and the claims that hold in them."""
