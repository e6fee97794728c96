extension ColumnReference {
    /// The share of values that may be of categories the reference has not seen although nothing has changed: the mass
    /// of the unseen, estimated by Good 1953 as (categories seen once)/n, with the upper end of its Clopper–Pearson
    /// interval at `error`. Categories behind `other` are not counted one by one and all taken for rare ones. A column
    /// of identifiers has a large share, one of ten countries about 7/n.
    public func expectedUnseenShare(error: Double) -> Double {
        guard case .categories(let names) = binning, present > 0 else { return 1 }
        let once = counts.prefix(names.count).count { $0 == 1 } + otherHashes.count
        return ShareTest.upperBound(hits: min(Int64(once), present), count: present, error: error)
    }

    /// The cell of the values that a window has, if they can all be the same: the only cell in use, holding one value.
    /// `nil` where there are several values, none, or where the cell may hold several.
    public func onlyCell(of window: ColumnSummary) -> Int? {
        let used = window.counts.indices.filter { window.counts[$0] > 0 }
        guard used.count == 1, let cell = used.first else { return nil }
        switch binning {
        case .grid, .discrete: return window.minimum == window.maximum ? cell : nil
        case .categories(let names): return cell < names.count ? cell : nil
        }
    }

    /// Cells in use.
    public var usedCells: Int { counts.count { $0 > 0 } }
}
