/// A reference profile compiled for counting: flat memory, nothing to allocate and nothing to lock per value.
///
/// The encoder owns the memory and frees it when the last accumulator on it is gone.
// @unchecked: all stored properties are `let`, and the memory behind the pointers is written in `init` only.
public final class ReferenceEncoder: @unchecked Sendable {
    public let profile: ReferenceProfile
    /// Feature columns; the predictions are not among them.
    public let columnCount: Int
    /// Where the predictions stand in `PaneSummary.columns`, if the profile has them.
    public let predictionColumn: Int?
    /// Of a pane's counters: the number of events, padded to a cache line, then the columns.
    let counterWords: Int
    /// Of all columns together.
    let cellCount: Int
    let plans: UnsafePointer<ColumnPlan>
    let planCount: Int
    private let columnNames: CategoryTable
    private let kinds: [ColumnKind]
    private let memory: EncoderMemory

    public init(_ profile: ReferenceProfile) {
        self.profile = profile
        let columns = profile.allColumns
        columnCount = profile.columns.count
        predictionColumn = profile.predictions == nil ? nil : profile.columns.count
        kinds = columns.map(\.kind)
        let memory = EncoderMemory()
        var (offset, firstCell) = (PaneCounter.words, 0)
        let compiled = columns.map { column in
            defer { (offset, firstCell) = (offset + CounterSlot.words, firstCell + column.cellCount) }
            return ColumnPlan(column, offset: offset, firstCell: firstCell, memory: memory)
        }
        plans = memory.store(compiled)
        planCount = compiled.count
        counterWords = offset
        cellCount = firstCell
        columnNames = memory.table(
            profile.columns.enumerated().map { (Array($0.element.name.utf8), $0.offset) }, otherHashes: [],
            otherCell: -1, unknownCell: -1)
        self.memory = memory
    }

    /// The feature column with this name (UTF-8); the first one where several have it.
    @inline(__always)
    public func columnIndex(ofUTF8 name: UnsafeRawBufferPointer) -> Int? {
        // An empty buffer may have no address; any address will do for zero bytes.
        let column = columnNames.cell(of: name.baseAddress ?? UnsafeRawPointer(plans), name.count)
        return column < 0 ? nil : column
    }

    /// - Parameter column: an index into `PaneSummary.columns`.
    public func kind(of column: Int) -> ColumnKind { kinds[column] }
}

extension ColumnPlan {
    init(_ column: ColumnReference, offset: Int, firstCell: Int, memory: EncoderMemory) {
        self.offset = offset
        self.firstCell = firstCell
        cellCount = column.cellCount
        mean = column.origin
        inverseScale = 1 / column.scale
        let range = RangeMargin.none.bounds(of: column)
        (lowest, highest) = (range.lowerBound, range.upperBound)
        bounds = memory.store(
            RangeMargin.allCases.map { margin in
                let bounds = margin.bounds(of: column)
                return SIMD2(bounds.lowerBound, bounds.upperBound)
            })
        switch column.binning {
        case .grid(let edges, _):
            shape = .grid
            self.edges = memory.tree(edges)
            categories = memory.noCategories
        case .discrete(let values):
            shape = .discrete
            edges = memory.tree(values)
            categories = memory.noCategories
        case .categories(let names):
            shape = column.kind == .boolean ? .booleans : .categories
            edges = memory.tree([])
            // Where the other categories are too many to be remembered, an unknown one is held for one of them.
            let forgetsOthers = column.counts[names.count] > 0 && column.otherHashes.isEmpty
            categories = memory.table(
                names.enumerated().map { (Array($0.element.utf8), $0.offset) }, otherHashes: column.otherHashes,
                otherCell: names.count, unknownCell: forgetsOthers ? names.count : names.count + 1)
        }
    }
}
