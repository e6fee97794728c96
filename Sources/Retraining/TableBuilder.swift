public import Learning
import Statistics
public import Windowing

/// Labelled rows as the table that Learning takes.
public enum TableBuilder {
    /// The name of the target's column; no feature bears it.
    public static let target = "__target__"

    /// The features of the rows, columns sorted by name, and their outcomes in the column ``target``.
    ///
    /// A column's kind is that of most of its values; the others count as missing (`FeatureColumns`).
    public static func table(rows: [LabelledRow]) throws -> Table {
        let features = FeatureColumns.columns(of: rows)
        var columns = features.filter { $0.name != target }.map { feature in
            switch feature.values {
            case .numeric(let numbers): TableColumn(name: feature.name, numbers: numbers)
            case .categorical(let texts): TableColumn(name: feature.name, texts: texts)
            case .boolean(let flags): TableColumn(name: feature.name, booleans: flags)
            }
        }
        let isNumeric = rows.contains { $0.value != nil } && rows.allSatisfy(\.label.isEmpty)
        columns.append(
            isNumeric
                ? TableColumn(name: target, numbers: rows.map { $0.value ?? .nan })
                : TableColumn(name: target, texts: rows.map { $0.label.isEmpty ? nil : $0.label }))
        return try Table(columns: columns)
    }
}
