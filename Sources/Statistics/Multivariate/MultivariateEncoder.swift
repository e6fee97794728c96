/// Turns rows of mixed columns into rows of real numbers, fitted on the reference alone.
///
/// - A numeric column becomes (x − mean)/sd of the reference, held within ±8, so that one value of 10⁶ moves nothing.
///   Mean and sd are of the reference's finite values with the outer 0.5 % at either end (at least one value) drawn in to
///   the rest, so that an outlier in the reference does not flatten the others.
/// - A categorical column becomes indicators of its 16 most frequent categories, of `other` and of `missing` where the
///   reference has them; divided by √(1 − Σp²), so that the column's variance adds up to one like a number's, and two
///   rows that differ in it are as far apart as two numbers are on average. Not the category's frequency, as NannyML
///   does: two categories of one frequency are then the same, and a fair boolean is a constant.
/// - A missing or infinite number is taken as the mean; where the reference has missing numbers an indicator of its own,
///   divided by its sd (at least 0.1), says so.
/// - One last number counts the row's surprises: cells missing where the reference has none missing, categories it never
///   had; held at 8.
///
/// At most 256 numbers a row: with many columns fewer categories are kept, and columns that still do not fit are left
/// out, as are identifiers (more than 16 categories, and more than half as many as rows).
public struct MultivariateEncoder: Sendable {
    static let clip: Double = 8
    static let maximumWidth = 256
    static let maximumCategories = 16

    let plans: [ColumnEncoding]
    /// Columns that are not looked at, by name.
    public let leftOut: [String]
    /// Numbers per row.
    public let width: Int

    public init(reference: MultivariateRows) {
        var candidates: [MultivariateRows.Column] = []
        var leftOut: [String] = []
        for column in reference.columns {
            if column.isIdentifying { leftOut.append(column.name) } else { candidates.append(column) }
        }
        // One number is kept for the surprises.
        let room = Self.maximumWidth - 1
        var categories = Self.maximumCategories
        var plans = candidates.map { ColumnEncoding($0, maximumCategories: categories) }
        while categories > 1, plans.reduce(0, { $0 + $1.width }) > room {
            categories /= 2
            plans = candidates.map { ColumnEncoding($0, maximumCategories: categories) }
        }
        var used = 0
        self.plans = plans.filter { plan in
            guard used + plan.width <= room else {
                leftOut.append(plan.name)
                return false
            }
            used += plan.width
            return true
        }
        self.leftOut = leftOut
        width = self.plans.isEmpty ? 0 : used + 1
    }

    /// The rows as numbers. Columns are found by name; one that is absent, or of another kind, is missing throughout.
    public func encode(_ rows: MultivariateRows) -> RowMatrix {
        var values = [Double](repeating: 0, count: rows.count * width)
        var offset = 0
        for plan in plans {
            let cells = rows.columns.first { $0.name == plan.name }?.cells
            plan.encode(cells, rows: rows.count, into: &values, width: width, offset: offset)
            offset += plan.width
        }
        for row in 0..<(width > 0 ? rows.count : 0) {
            let last = (row + 1) * width - 1
            values[last] = min(values[last], Self.clip)
        }
        return RowMatrix(values: values, count: rows.count, width: width)
    }
}

extension MultivariateRows.Column {
    /// Whether nearly every row has a category of its own: an identifier, which tells any two samples apart.
    public var isIdentifying: Bool {
        guard case .categories(let codes, _) = cells else { return false }
        let present = codes.filter { $0 >= 0 }
        let distinct = Set(present).count
        return distinct > MultivariateEncoder.maximumCategories && 2 * distinct > present.count
    }
}
