"""What a town decides and figures rest on: dated parameters with their source, rankings with weights."""
