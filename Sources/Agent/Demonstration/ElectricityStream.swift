import Learning

/// The Elec2 data set (New South Wales electricity market) as a production stream: half-hourly rows from
/// 1996-05-07T00:00:00Z, the class as the outcome.
public enum ElectricityStream {
    public static let modelName = "electricity"
    public static let positive = "UP"
    /// 1996-05-07T00:00:00Z.
    public static let start: Int64 = 831_427_200_000_000
    /// Half an hour, microseconds.
    public static let step: Int64 = 1_800_000_000

    /// The rows of the file, in its order. The column `date` is left out: it is the position in time itself.
    public static func rows(path: String) throws -> [ProductionRow] {
        let table = try Table.read(path: path)
        guard let classes = table["class"] else {
            throw LearningError(
                .unknownColumn, "\(path) has no column 'class'", advice: "Name the Elec2 table, with its header line.")
        }
        let features = table.columns.filter { $0.name != "class" && $0.name != "date" }
        return (0..<table.rowCount).map { row in
            ProductionRow(
                timeMicroseconds: start + Int64(row) * step,
                features: features.map { column in
                    let number = column.number(at: row)
                    return (name: column.name, value: number.isNaN ? .missing : .number(number))
                },
                label: classes.text(at: row) ?? "")
        }
    }
}
