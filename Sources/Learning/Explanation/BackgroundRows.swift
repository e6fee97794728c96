import Statistics

/// Rows to explain and background rows in one table, from which rows of mixed origin are put together.
///
/// Only the model's features are kept; index `r` is a background row below `backgroundCount`, else a row to explain.
struct BackgroundRows: Sendable {
    let backgroundCount: Int
    let features: [String]
    private let columns: [TableColumn]

    /// A feature without a column is one of missing cells, as in a prediction.
    /// - Throws: `LearningError`: `.invalidInput` for a column of different kinds in the two tables;
    ///   `.noRows` without a background; `.noFeatures`.
    init(model: any TrainedModel, background: Table, explained: Table) throws(LearningError) {
        guard background.rowCount > 0 else {
            throw LearningError(.noRows, "the background has no rows", advice: "Give some typical rows, 100 say.")
        }
        features = model.featureNames
        guard !features.isEmpty else {
            throw LearningError(.noFeatures, "the model has no features", advice: "There is nothing to explain.")
        }
        backgroundCount = background.rowCount
        let (left, right) = (background.columnsByName, explained.columnsByName)
        var columns: [TableColumn] = []
        for name in features {
            let kind = (left[name] ?? right[name])?.kind ?? .numeric
            let first = left[name] ?? .missing(name: name, kind: kind, rows: background.rowCount)
            let second = right[name] ?? .missing(name: name, kind: kind, rows: explained.rowCount)
            guard let joined = first.appending(second) else {
                throw LearningError(
                    .invalidInput, "the column \"\(name)\" is \(second.kind), in the background \(first.kind)",
                    advice: "Read both tables in the same way.")
            }
            columns.append(joined)
        }
        self.columns = columns
    }

    /// Rows put together cell by cell.
    /// - Parameter row: where the cell of a feature of the new row comes from.
    func mixed(count: Int, from row: (_ feature: Int, _ new: Int) -> Int) -> Table {
        let mixed = columns.indices.map { feature in
            columns[feature].rows((0..<count).map { row(feature, $0) })
        }
        return Table(checked: mixed, rowCount: count)
    }

    func column(_ feature: Int) -> TableColumn { columns[feature] }
}

extension Table {
    var columnsByName: [String: TableColumn] {
        Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The same rows with other cells in one column.
    func replacing(_ column: TableColumn, at index: Int) -> Table {
        var columns = columns
        columns[index] = column
        return Table(checked: columns, rowCount: rowCount)
    }
}

extension TableColumn {
    /// The cells of both, one after the other; `nil` if they are of different kinds.
    fileprivate func appending(_ other: TableColumn) -> TableColumn? {
        switch (values, other.values) {
        case (.numeric(let first), .numeric(let second)): return TableColumn(name: name, numbers: first + second)
        case (.boolean(let first), .boolean(let second)):
            return TableColumn(name: name, values: .boolean(first + second))
        case (.categorical(let first, let names), .categorical(let second, let others)):
            return TableColumn(name: name, values: .joined(first, names, second, others))
        default: return nil
        }
    }
}
