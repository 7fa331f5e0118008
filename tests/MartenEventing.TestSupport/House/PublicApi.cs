using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace MartenEventing.TestSupport.House;

/// <summary>Prints what an assembly offers to others, sorted, one member a line.</summary>
public static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static void Compare(Assembly assembly) => Approval.Compare(
        Print(assembly), "tests", "MartenEventing.TestSupport", "House",
        $"PublicApi.{assembly.GetName().Name}.approved.txt");

    private static string Print(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Signature.Of(type)).Append('\n');
            foreach (var line in MembersOf(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return [Signature.Of(type.GetMethod("Invoke")!)];
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue())}");
        return
        [
            .. type.GetConstructors(Declared).Where(IsOffered).Select(Signature.Of),
            .. type.GetMethods(Declared).Where(method => IsOffered(method) && !method.IsSpecialName)
                .Select(Signature.Of),
            .. type.GetProperties(Declared).Where(property => property.GetMethod is { } get && IsOffered(get, property))
                .Select(Signature.Of),
            .. type.GetFields(Declared).Where(field => field.IsPublic).Select(Signature.Of),
            .. type.GetEvents(Declared).Where(offered => IsOffered(offered.AddMethod!, offered))
                .Select(offered => $"event {Signature.Of(offered.EventHandlerType!, null)} {offered.Name}"),
        ];
    }

    private static bool IsOffered(MethodBase method) => IsOffered(method, method);

    private static bool IsOffered(MethodBase method, MemberInfo member) =>
        (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        && !member.IsDefined(typeof(CompilerGeneratedAttribute)) && !member.Name.Contains('<');
}
