"""What bytes become: text, decoded and made Markdown, without network or settings."""
