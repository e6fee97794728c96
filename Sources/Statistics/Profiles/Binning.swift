/// What the values of a column are.
public enum ColumnKind: String, Codable, Sendable, CaseIterable { case numeric, categorical, boolean }

/// How the values of a column are counted: its cells, fixed by the reference alone.
public enum Binning: Codable, Sendable, Equatable {
    /// A continuous column: cell number = number of edges ≤ value, so that the outer cells are open and a cell holds its
    /// lower edge. `decileOfCell` gives the coarser bin (at most ten) of each cell, in which PSI and its like are
    /// computed. `edges` ascend strictly; at most 512 cells.
    case grid(edges: [Double], decileOfCell: [UInt8])
    /// A numeric column with at most 20 values in the reference: one cell each (ascending), then "any other value".
    case discrete(values: [Double])
    /// One cell for each kept category (at most 1,000, by frequency, ties by name), then `other` (the categories of the
    /// reference that were not kept), then `unseen` (those the reference did not have). Boolean columns always keep
    /// `false` and `true`, in this order.
    case categories([String])

    public var cellCount: Int {
        switch self {
        case .grid(let edges, _): edges.count + 1
        case .discrete(let values): values.count + 1
        case .categories(let names): names.count + 2
        }
    }

    /// Cells besides one per value or category: those that hold whatever is not listed.
    var restCells: Set<Int> {
        switch self {
        case .grid: []
        case .discrete(let values): [values.count]
        case .categories(let names): [names.count, names.count + 1]
        }
    }

    static let maximumCells = 512
    static let maximumDistinctValues = 20
    static let maximumCategories = 1_000
    /// Categories beyond the kept ones that are remembered by hash; beyond that every unknown one counts as `other`.
    static let maximumOtherHashes = 20_000
}
