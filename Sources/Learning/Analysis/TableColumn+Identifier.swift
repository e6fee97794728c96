/// How a column names its rows.
public enum IdentifierKind: String, Sendable {
    /// Whole numbers that rise from row to row.
    case counter
    /// A value of its own for (nearly) every row.
    case name
}

extension TableColumn {
    /// Whether the column names its rows instead of saying something of them, as `tidewatch profile` judges it: whole
    /// numbers that are all different and dense, rising or called so, or texts of one word of which nearly all are
    /// different, in 50 rows or more. `nil` for any other column.
    public func identifierKind() -> IdentifierKind? {
        if case .numeric(let numbers) = values, !Self.mayIdentify(numbers) { return nil }
        let view = ColumnView(self, time: { _ in nil })
        guard view.type == .identifier else { return nil }
        guard case .numbers(let numbers) = view.cells, view.present == view.rows else { return .name }
        return zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 } ? .counter : .name
    }

    /// Most columns have a fraction in their first rows, and need no sorting to be told apart.
    private static func mayIdentify(_ numbers: [Double]) -> Bool {
        numbers.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
    }
}
