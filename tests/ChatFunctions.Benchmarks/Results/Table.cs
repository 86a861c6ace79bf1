using System.Text;

namespace ChatFunctions.Benchmarks.Results;

/// <summary>All results as one table in Markdown.</summary>
internal sealed class Table
{
    private readonly List<Row> rows = [];

    public void Add(Row row)
    {
        rows.Add(row);
        Console.Error.WriteLine($"{row.What}, against {row.Against}: {row.Ratio?.ToString() ?? "–"}; {row.Ours}; {row.Theirs}");
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("| what | against | ratio: median (least to greatest) | aim | ours | theirs |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            var aim = row.Aim is not null && row.Ratio is not null ? row.Aim.Judge(row.Ratio.Median) : "";
            string[] cells = ["", row.What, row.Against, row.Ratio?.ToString() ?? "–", aim, row.Ours, row.Theirs, ""];
            text.AppendLine(string.Join(" | ", cells).Trim());
        }

        return text.ToString();
    }
}
