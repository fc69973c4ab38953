Console.WriteLine("to be replaced");
