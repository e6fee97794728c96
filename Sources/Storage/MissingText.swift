/// The texts that stand for a missing value: the one list for cells of CSV files, strings of JSON tables, and strings of
/// JSON events, so that the same data means the same wherever it comes from.
///
/// Blanks and tabs around them do not count, upper and lower case do: `na` and `none` are texts. A category of such a name
/// (the country code of Namibia) has to be written differently.
public enum MissingText {
    /// Beside the empty text. What R, pandas, SQL, Excel, Python and JSON write, and the `?` of the UCI archive.
    public static let spellings = [
        "?", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "null", "NULL", "None",
    ]

    /// Whether a text without blanks around it stands for a missing value.
    public static func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = text.first else { return true }
        guard text.count <= longest else { return false }
        return known.contains { $0.count == text.count && $0[0] == first && text.elementsEqual($0) }
    }

    private static let known = spellings.map { Array($0.utf8) }
    private static let longest = known.map(\.count).max() ?? 0
}
