public import Learning

/// A value of a feature as a producer would send it.
public enum FeatureValue: Sendable, Equatable {
    case number(Double)
    case text(String)
    case boolean(Bool)
    case missing
}

/// One row of a simulated production system: what the model sees, and what turns out later.
public struct ProductionRow: Sendable, Equatable {
    public var timeMicroseconds: Int64
    public var features: [(name: String, value: FeatureValue)]
    /// The outcome.
    public var label: String

    public init(timeMicroseconds: Int64, features: [(name: String, value: FeatureValue)], label: String) {
        self.timeMicroseconds = timeMicroseconds
        self.features = features
        self.label = label
    }

    public static func == (left: ProductionRow, right: ProductionRow) -> Bool {
        left.timeMicroseconds == right.timeMicroseconds && left.label == right.label
            && left.features.elementsEqual(right.features) { $0.name == $1.name && $0.value == $1.value }
    }
}

extension Table {
    /// The features of rows as a table, with their labels in the column `target` where one is named.
    public init(rows: [ProductionRow], target: String? = nil) throws {
        var columns: [TableColumn] = []
        for (position, feature) in (rows.first?.features ?? []).enumerated() {
            columns.append(TableColumn(name: feature.name, cells: rows.map { $0.features[position].value }))
        }
        if let target { columns.append(TableColumn(name: target, texts: rows.map(\.label))) }
        try self.init(columns: columns)
    }
}

extension TableColumn {
    /// A column of the kind of its first present value.
    fileprivate init(name: String, cells: [FeatureValue]) {
        let first = cells.first { $0 != .missing }
        switch first {
        case .text:
            self.init(name: name, texts: cells.map { if case .text(let text) = $0 { text } else { nil } })
        case .boolean:
            self.init(name: name, booleans: cells.map { if case .boolean(let flag) = $0 { flag } else { nil } })
        default:
            self.init(name: name, numbers: cells.map { if case .number(let number) = $0 { number } else { .nan } })
        }
    }
}
