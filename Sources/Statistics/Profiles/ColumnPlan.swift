/// One column of a profile, laid out for counting. Trivial: it points into memory that the `ReferenceEncoder` owns.
struct ColumnPlan {
    enum Shape: UInt8 { case grid, discrete, categories, booleans }

    var shape: Shape
    /// Of this column's first counter, in words.
    var offset: Int
    /// Of this column's first cell among all cells.
    var firstCell: Int
    var cellCount: Int
    /// Grid edges or discrete values.
    var edges: EdgeTree
    var mean: Double
    var inverseScale: Double
    /// The reference's smallest and largest value; −∞ and +∞ where it has none.
    var lowest: Double
    var highest: Double
    /// The lower and upper bound of each `RangeMargin`, in their order.
    var bounds: UnsafePointer<SIMD2<Double>>
    var categories: CategoryTable

    /// The cell of a finite value.
    @inline(__always)
    func cell(of value: Double) -> Int {
        let count = edges.count(atOrBelow: value)
        if shape == .grid { return count }
        return count > 0 && edges.edge(count &- 1) == value ? count &- 1 : cellCount &- 1
    }
}

/// The counters of one column: eight words that most values touch, then those of rare values. The cells are apart.
enum CounterSlot {
    static let missing = 0
    static let invalid = 1
    static let violations = 2
    static let saturated = 3
    static let sum = 4
    static let sumOfSquares = 5
    /// Bit patterns of doubles; +∞ and −∞ before the first value.
    static let minimum = 6
    static let maximum = 7
    /// Events that did not have the column at all; counted as missing too.
    static let absent = 8
    /// Values below the bounds of each `RangeMargin`, then above them.
    static let outside = 9
    /// Rounded up to whole cache lines.
    static let words = (outside + 2 * RangeMargin.allCases.count + 7) / 8 * 8
}
