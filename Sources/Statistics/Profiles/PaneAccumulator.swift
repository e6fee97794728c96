/// Counts the events of one pane on a reference: flat counters, no allocation and no lock per value.
///
/// There is one for each open pane of each model in each partition, and each value goes into another cell: cells have
/// sixteen bits, so that many panes fit into a core's cache, and the few that overflow carry into an array of their own.
///
/// Owned by one thread. A value of another kind than the column's counts as a violation.
public final class PaneAccumulator {
    public let encoder: ReferenceEncoder
    let counters: UnsafeMutablePointer<Int64>
    /// The low bits of each cell's count; behind the counters, in the same block.
    let cells: UnsafeMutablePointer<UInt16>
    /// The bits above them; empty while no cell has any.
    var carried: [Int64] = []
    private let plans: UnsafePointer<ColumnPlan>
    private let planCount: Int

    public init(encoder: ReferenceEncoder) {
        self.encoder = encoder
        plans = encoder.plans
        planCount = encoder.planCount
        let counterBytes = encoder.counterWords * MemoryLayout<Int64>.stride
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: counterBytes + encoder.cellCount * MemoryLayout<UInt16>.stride, alignment: 64)
        counters = block.bindMemory(to: Int64.self, capacity: encoder.counterWords)
        cells = (block + counterBytes).bindMemory(to: UInt16.self, capacity: encoder.cellCount)
        reset()
    }

    deinit { UnsafeMutableRawPointer(counters).deallocate() }

    /// Events counted so far; the caller counts them, once per event.
    public var events: Int64 {
        @inline(__always) get { counters[PaneCounter.events] }
        @inline(__always) set { counters[PaneCounter.events] = newValue }
    }

    /// Second deliveries that were left out; the caller counts them.
    public var duplicates: Int64 {
        get { counters[PaneCounter.duplicates] }
        set { counters[PaneCounter.duplicates] = newValue }
    }

    /// Features that the reference does not know; the caller counts them.
    public var unknownFeatures = UnknownFeatures()

    /// NaN counts as missing, ±∞ as invalid.
    public func add(numeric value: Double, column: Int) {
        let plan = plan(column)
        let slots = counters + plan.pointee.offset
        guard plan.pointee.shape.rawValue <= ColumnPlan.Shape.discrete.rawValue else {
            slots[CounterSlot.violations] &+= 1
            return
        }
        guard value.magnitude < .infinity else {
            slots[value.isNaN ? CounterSlot.missing : CounterSlot.invalid] &+= 1
            return
        }
        let value = value + 0  // −0 becomes 0
        increment(plan.pointee.firstCell &+ plan.pointee.cell(of: value))
        let score = (value - plan.pointee.mean) * plan.pointee.inverseScale
        var clamped = score < FixedPoint.clamp ? score : FixedPoint.clamp
        clamped = clamped > -FixedPoint.clamp ? clamped : -FixedPoint.clamp
        slots[CounterSlot.saturated] &+= score == clamped ? 0 : 1
        slots[CounterSlot.sum] &+= FixedPoint.rounded(clamped * FixedPoint.sumUnit)
        slots[CounterSlot.sumOfSquares] &+= FixedPoint.rounded(clamped * clamped * FixedPoint.squareUnit)
        let bounds = UnsafeMutableRawPointer(slots + CounterSlot.minimum).assumingMemoryBound(to: Double.self)
        if value < bounds[0] { bounds[0] = value }
        if value > bounds[1] { bounds[1] = value }
        if value < plan.pointee.lowest || value > plan.pointee.highest { countOutside(value, plan, slots) }
    }

    /// Out of line: values outside the reference's range are rare.
    @inline(never)
    private func countOutside(
        _ value: Double, _ plan: UnsafePointer<ColumnPlan>, _ slots: UnsafeMutablePointer<Int64>
    ) {
        let margins = RangeMargin.allCases.count
        let first = CounterSlot.outside &+ (value < plan.pointee.lowest ? 0 : margins)
        for margin in 0..<margins {
            let bounds = plan.pointee.bounds[margin]
            if value < bounds.x || value > bounds.y { slots[first &+ margin] &+= 1 }
        }
    }

    @inline(__always)
    private func increment(_ cell: Int) {
        let count = cells[cell] &+ 1
        cells[cell] = count
        if count == 0 { carry(cell) }
    }

    /// Out of line: one value in 65,536 comes here.
    @inline(never)
    private func carry(_ cell: Int) { self[cell: cell] &+= 1 << 16 }

    /// The count of one cell.
    subscript(cell cell: Int) -> Int64 {
        get { Int64(cells[cell]) | (carried.isEmpty ? 0 : carried[cell] << 16) }
        set {
            cells[cell] = UInt16(truncatingIfNeeded: newValue)
            let high = newValue >> 16
            guard high != 0 || !carried.isEmpty else { return }
            if carried.isEmpty { carried = Array(repeating: 0, count: encoder.cellCount) }
            carried[cell] = high
        }
    }

    /// UTF-8 bytes of the category.
    public func add(category: UnsafeRawBufferPointer, column: Int) {
        let plan = plan(column)
        let slots = counters + plan.pointee.offset
        guard plan.pointee.shape == .categories else {
            slots[CounterSlot.violations] &+= 1
            return
        }
        // An empty buffer may have no address; any address will do for zero bytes.
        let start = category.baseAddress ?? UnsafeRawPointer(counters)
        increment(plan.pointee.firstCell &+ plan.pointee.categories.cell(of: start, category.count))
    }

    public func add(boolean: Bool, column: Int) {
        let plan = plan(column)
        let slots = counters + plan.pointee.offset
        guard plan.pointee.shape == .booleans else {
            slots[CounterSlot.violations] &+= 1
            return
        }
        increment(plan.pointee.firstCell &+ (boolean ? 1 : 0))
    }

    public func addMissing(column: Int) {
        counters[plan(column).pointee.offset &+ CounterSlot.missing] &+= 1
    }

    /// An event that does not have the column: missing, and the key itself is absent.
    public func addAbsent(column: Int) {
        let slots = counters + plan(column).pointee.offset
        slots[CounterSlot.missing] &+= 1
        slots[CounterSlot.absent] &+= 1
    }

    /// A value of a type that the column does not have.
    public func addViolation(column: Int) {
        counters[plan(column).pointee.offset &+ CounterSlot.violations] &+= 1
    }

    @inline(__always)
    private func plan(_ column: Int) -> UnsafePointer<ColumnPlan> {
        precondition(UInt(bitPattern: column) < UInt(bitPattern: planCount), "the reference has no such column")
        return plans + column
    }
}

/// The counters of a pane as a whole, before those of its columns: a cache line.
enum PaneCounter {
    static let events = 0
    static let duplicates = 1
    static let words = 8
}
