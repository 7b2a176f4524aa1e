"""The web page of a running endpoint, and the JSON API that it uses; old clients use it too."""
