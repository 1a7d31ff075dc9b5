"""Stage *robustness*: how far the findings hang on choices, on space and time, on reporting, and on too little data."""
