namespace ShippedDependency;

/// <summary>What the library stands on: reached by no reference of the program's own.</summary>
public static class Tariff
{
    public static int Apply(int price) => price + price / 10;
}
