global using Weft.Integration.Tests;
