namespace MartenEventing.TestSupport.House;

/// <summary>Compares a text with the one that was approved. APPROVE=1 writes it down instead.</summary>
public static class Approval
{
    public static void Compare(string text, params string[] path)
    {
        var file = Repository.Below(path);
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (approved != text)
            Assert.Fail($"{string.Join('/', path)} is not what it should be:\n\n{Difference(approved, text)}\n"
                + "If this is meant, accept it: run this test with APPROVE=1 in the environment, and commit the file.");
    }

    private static string Difference(string approved, string text)
    {
        var before = approved.Split('\n');
        var after = text.Split('\n');
        return string.Concat(before.Except(after).Select(line => $"- {line}\n"))
            + string.Concat(after.Except(before).Select(line => $"+ {line}\n"));
    }
}
