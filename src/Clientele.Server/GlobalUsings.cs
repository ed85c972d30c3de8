global using Clientele.Client;
