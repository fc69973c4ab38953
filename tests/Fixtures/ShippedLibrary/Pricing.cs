using ShippedDependency;

namespace ShippedLibrary;

public static class Pricing
{
    public static int WithTariff(int price) => Tariff.Apply(price);

    public static string Shout(this string text, int times) => string.Concat(Enumerable.Repeat(text.ToUpperInvariant(), times));
}
