"""What every floor may use: errors, translations, logging, limits, clean text, labels of the network's words."""
