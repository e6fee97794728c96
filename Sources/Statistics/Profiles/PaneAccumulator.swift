/// Counts the events of one pane on a reference: flat counters, no allocation and no lock per value.
///
/// Owned by one thread. A value of another kind than the column's counts as a violation.
public final class PaneAccumulator {
    public let encoder: ReferenceEncoder
    let counters: UnsafeMutablePointer<Int64>
    private let plans: UnsafePointer<ColumnPlan>
    private let planCount: Int

    public init(encoder: ReferenceEncoder) {
        self.encoder = encoder
        plans = encoder.plans
        planCount = encoder.planCount
        counters = UnsafeMutableRawPointer.allocate(byteCount: encoder.counterWords * 8, alignment: 64)
            .bindMemory(to: Int64.self, capacity: encoder.counterWords)
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
        slots[CounterSlot.cells &+ plan.pointee.cell(of: value)] &+= 1
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
        slots[CounterSlot.cells &+ plan.pointee.categories.cell(of: start, category.count)] &+= 1
    }

    public func add(boolean: Bool, column: Int) {
        let plan = plan(column)
        let slots = counters + plan.pointee.offset
        guard plan.pointee.shape == .booleans else {
            slots[CounterSlot.violations] &+= 1
            return
        }
        slots[CounterSlot.cells &+ (boolean ? 1 : 0)] &+= 1
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
