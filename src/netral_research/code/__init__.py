"""Code articles: from an Indonesian news text to proposed event rows with evidence, which a person accepts or not."""
