"""The report: saved results become one document, and the document becomes an HTML page and a PDF."""
