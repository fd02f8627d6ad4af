"""Language models: three questions, and every kind of model that can answer them."""
