extension ReferenceEncoder {
    /// The cell of a finite number; `nil` for NaN and ±∞, and where the column is not numeric.
    /// - Precondition: an index into `PaneSummary.columns`.
    public func cell(ofNumber value: Double, column: Int) -> Int? {
        precondition(column >= 0 && column < planCount, "the reference has no such column")
        guard value.isFinite, plans[column].shape.rawValue <= ColumnPlan.Shape.discrete.rawValue else { return nil }
        return plans[column].cell(of: value + 0)  // −0 becomes 0
    }

    /// The cell of a category (UTF-8); `nil` where the column is not categorical.
    /// - Precondition: an index into `PaneSummary.columns`.
    public func cell(ofCategory category: UnsafeRawBufferPointer, column: Int) -> Int? {
        precondition(column >= 0 && column < planCount, "the reference has no such column")
        guard plans[column].shape == .categories else { return nil }
        // An empty buffer may have no address; any address will do for zero bytes.
        return plans[column].categories.cell(of: category.baseAddress ?? UnsafeRawPointer(plans), category.count)
    }
}
