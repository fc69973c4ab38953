namespace Weft.Launcher.Tests.Configuration;

/// <summary>Whatever a file says, reading it ends with a configuration or with problems that have a place.</summary>
public sealed class ClusterFileFuzzTests
{
    private const string Letters = " \t\n:-[]{},&*<>'\"|#%@!?\\0123456789aZ~\0\u00e9";

    [Theory]
    [MemberData(nameof(ExampleFileTests.Files), MemberType = typeof(ExampleFileTests))]
    public void A_file_with_letters_changed_is_right_or_has_problems(string file)
    {
        var text = File.ReadAllText(WrittenTests.PathOf($"examples/clusters/{file}"));
        var random = new Random(20_26);
        for (var i = 0; i < 400; i++)
        {
            var changed = Change(text, random);
            var result = ClusterFile.Parse(changed, "c.yaml");

            Assert.True(result.Configuration is null == result.Problems.Count > 0, changed);
            var lines = changed.Split('\n').Length + 1;
            Assert.All(result.Problems, problem => Assert.True(problem.Line >= 1 && problem.Line <= lines && problem.Column >= 1 && !problem.ToString().Contains('\n'), $"{problem}\n{changed}"));
        }
    }

    private static string Change(string text, Random random)
    {
        var letters = text.ToList();
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var at = random.Next(letters.Count);
            var letter = Letters[random.Next(Letters.Length)];
            switch (random.Next(4))
            {
                case 0:
                    letters.Insert(at, letter);
                    break;
                case 1:
                    letters.RemoveAt(at);
                    break;
                case 2:
                    letters[at] = letter;
                    break;
                default:
                    // A part of the file once more, elsewhere.
                    var from = random.Next(letters.Count);
                    letters.InsertRange(at, letters.GetRange(from, random.Next(Math.Min(60, letters.Count - from))));
                    break;
            }
        }

        return string.Concat(letters);
    }
}
