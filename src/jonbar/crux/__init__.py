"""What a quarrel hinges on: the gap between two camps, parted among the assumptions on which they differ."""
