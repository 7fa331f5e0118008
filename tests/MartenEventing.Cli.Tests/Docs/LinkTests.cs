using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

public sealed class LinkTests
{
    private static readonly Dictionary<string, MarkdownPage> Pages = MarkdownPage.All().ToDictionary(page => page.Path);

    [Fact]
    public void every_link_leads_to_a_file_and_to_a_heading_of_it()
    {
        Pages.Values.Sum(page => page.Links.Count()).ShouldBeGreaterThan(50);

        (from page in Pages.Values
         from link in page.Links
         where !LeadsSomewhere(page, link)
         select $"{page.Path} links to {link}.").ShouldBeEmpty();
    }

    [Fact]
    public void every_page_is_listed_by_the_README_nearest_to_it() =>
        (from page in Pages.Values
         where page.Path.StartsWith("docs/", StringComparison.Ordinal) && Path.GetFileName(page.Path) != "README.md"
         let index = Pages[Nearest(page.Path)]
         where !index.Links.Any(link => Target(index, link) == page.Path)
         select $"{index.Path} does not list {page.Path}.").ShouldBeEmpty();

    private static bool LeadsSomewhere(MarkdownPage page, string link)
    {
        var target = Target(page, link);
        var anchor = link.Contains('#') ? link.Split('#')[1] : null;
        return Path.Exists(Repository.Below(target))
            && (anchor is null || (Pages.TryGetValue(target, out var there) && there.Anchors.Contains(anchor)));
    }

    /// <summary>Relative to the repository.</summary>
    private static string Target(MarkdownPage page, string link)
    {
        var file = link.Split('#')[0];
        var folder = Path.GetDirectoryName(Repository.Below(page.Path))!;
        return file.Length == 0
            ? page.Path
            : Repository.Relative(Path.GetFullPath(Path.Combine(folder, file)));
    }

    private static string Nearest(string path)
    {
        var folder = path[..path.LastIndexOf('/')];
        return Pages.ContainsKey($"{folder}/README.md") ? $"{folder}/README.md" : Nearest(folder);
    }
}
