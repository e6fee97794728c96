extension PaneAccumulator {
    /// What was counted, as a value.
    public func summary() -> PaneSummary {
        var summary = PaneSummary(empty: encoder)
        summary.events = events
        summary.duplicates = duplicates
        summary.unknownFeatures = unknownFeatures
        for index in summary.columns.indices { summary.columns[index] = column(index) }
        return summary
    }

    private func column(_ index: Int) -> ColumnSummary {
        let plan = encoder.plans[index]
        let slots = counters + plan.offset
        var column = ColumnSummary(cellCount: 0)
        column.counts = (plan.firstCell..<plan.firstCell + plan.cellCount).map { self[cell: $0] }
        column.missing = slots[CounterSlot.missing]
        column.invalid = slots[CounterSlot.invalid]
        column.violations = slots[CounterSlot.violations]
        column.absent = slots[CounterSlot.absent]
        let outside = UnsafeBufferPointer(
            start: slots + CounterSlot.outside, count: 2 * RangeMargin.allCases.count)
        if outside.contains(where: { $0 != 0 }) { column.outside = Array(outside) }
        column.saturated = slots[CounterSlot.saturated]
        column.sum = slots[CounterSlot.sum]
        column.sumOfSquares = slots[CounterSlot.sumOfSquares]
        let minimum = Double(bitPattern: UInt64(bitPattern: slots[CounterSlot.minimum]))
        let maximum = Double(bitPattern: UInt64(bitPattern: slots[CounterSlot.maximum]))
        if minimum <= maximum { (column.minimum, column.maximum) = (minimum, maximum) }
        return column
    }

    /// Adds what was counted elsewhere, or before a restart.
    /// - Precondition: the summary is on the same reference.
    public func add(_ summary: PaneSummary) {
        var merged = self.summary()
        merged.merge(summary)
        events = merged.events
        duplicates = merged.duplicates
        unknownFeatures = merged.unknownFeatures
        for (index, column) in merged.columns.enumerated() {
            let plan = encoder.plans[index]
            let slots = counters + plan.offset
            for (cell, count) in column.counts.enumerated() { self[cell: plan.firstCell + cell] = count }
            slots[CounterSlot.missing] = column.missing
            slots[CounterSlot.invalid] = column.invalid
            slots[CounterSlot.violations] = column.violations
            slots[CounterSlot.absent] = column.absent
            for (margin, count) in column.outside.enumerated() { slots[CounterSlot.outside + margin] = count }
            slots[CounterSlot.saturated] = column.saturated
            slots[CounterSlot.sum] = column.sum
            slots[CounterSlot.sumOfSquares] = column.sumOfSquares
            setBounds(column.minimum ?? .infinity, column.maximum ?? -.infinity, slots)
        }
    }

    /// Forgets everything.
    public func reset() {
        counters.initialize(repeating: 0, count: encoder.counterWords)
        cells.initialize(repeating: 0, count: encoder.cellCount)
        carried = []
        unknownFeatures = UnknownFeatures()
        for index in 0..<encoder.planCount { setBounds(.infinity, -.infinity, counters + encoder.plans[index].offset) }
    }

    private func setBounds(_ minimum: Double, _ maximum: Double, _ slots: UnsafeMutablePointer<Int64>) {
        slots[CounterSlot.minimum] = Int64(bitPattern: minimum.bitPattern)
        slots[CounterSlot.maximum] = Int64(bitPattern: maximum.bitPattern)
    }
}
