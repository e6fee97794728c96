import Foundation
import Statistics

/// Compares parts of the rows along time, column by column.
struct TemporalDrift {
    /// Rows of a part that are looked at.
    private static let sampledRows = 10_000
    /// A part of fewer rows says nothing.
    private static let smallestPart = 30

    private let axis: TimeAxis
    let parts: [Range<Int>]
    /// The rows of each part that are looked at.
    private let samples: [[Int]]

    init(_ axis: TimeAxis, parts count: Int, seed: UInt64) {
        self.axis = axis
        let fitting = max(1, min(count, axis.order.count / Self.smallestPart))
        parts = axis.parts(fitting)
        samples = parts.map { part in
            RowHash.sample(part.count, limit: Self.sampledRows, seed: seed &+ UInt64(part.lowerBound))
                .map { Int(axis.order[part.lowerBound + $0]) }
        }
    }

    var described: [TemporalProfile.Part] {
        parts.map {
            TemporalProfile.Part(
                start: axis.times[Int(axis.order[$0.lowerBound])], end: axis.times[Int(axis.order[$0.upperBound - 1])],
                rows: $0.count)
        }
    }

    func drift(_ view: ColumnView) -> TemporalProfile.Drift {
        let profile = ReferenceBuilder.build(columns: [(name: view.name, values: values(view, samples[0]))])
        let encoder = ReferenceEncoder(profile)
        let isTooSmall = parts.count < 2 || parts[0].count < Self.smallestPart
        let psi = samples.enumerated().map { index, rows -> Double? in
            if index == 0 || isTooSmall { return index == 0 ? 0 : nil }
            let pane = PaneAccumulator(encoder: encoder)
            add(view, rows, to: pane)
            pane.events = Int64(rows.count)
            let cells = ColumnComparison(reference: profile.columns[0], window: pane.summary().columns[0])
            return cells.compute(.psiExcess).value.map { max(0, $0) }
        }
        let missing = samples.map { rows in Double(rows.count { view.isMissing($0) }) / Double(max(1, rows.count)) }
        return TemporalProfile.Drift(
            column: view.name, psi: psi, levels: samples.map { level(view, $0) }, missing: missing)
    }

    private func values(_ view: ColumnView, _ rows: [Int]) -> ReferenceBuilder.ColumnValues {
        switch view.cells {
        case .numbers(let numbers): .numeric(rows.map { numbers[$0] })
        case .codes(let codes, let names):
            .categorical(rows.map { codes[$0] < 0 ? nil : names[Int(codes[$0])] })
        }
    }

    private func add(_ view: ColumnView, _ rows: [Int], to pane: PaneAccumulator) {
        switch view.cells {
        case .numbers(let numbers):
            for row in rows { pane.add(numeric: numbers[row], column: 0) }
        case .codes(let codes, let names):
            for row in rows {
                guard codes[row] >= 0 else {
                    pane.addMissing(column: 0)
                    continue
                }
                var name = names[Int(codes[row])]
                name.withUTF8 { pane.add(category: UnsafeRawBufferPointer($0), column: 0) }
            }
        }
    }

    private func level(_ view: ColumnView, _ rows: [Int]) -> Double? {
        switch view.cells {
        case .numbers(let numbers):
            let present = rows.compactMap { numbers[$0].isFinite ? numbers[$0] : nil }
            return present.isEmpty ? nil : NumericMoments(present).mean
        case .codes(let codes, _):
            guard let most = view.counts.indices.max(by: { view.counts[$0] < view.counts[$1] }) else { return nil }
            let present = rows.count { codes[$0] >= 0 }
            return present == 0 ? nil : Double(rows.count { codes[$0] == Int32(most) }) / Double(present)
        }
    }

    /// The longest run of one cell, if a column that changes quickly elsewhere stands still there: over 2 % of the rows
    /// (100 at least), twenty times the other runs' mean length, and five times the longest that chance would make.
    func standstill(_ view: ColumnView) -> TemporalProfile.Standstill? {
        let order = axis.order
        var (runs, start, longest) = (1, 0, 0..<0)
        for place in 1...order.count
        where place == order.count || !view.isEqual(Int(order[place]), Int(order[place - 1])) {
            if place - start > longest.count { longest = start..<place }
            if place < order.count { runs += 1 }
            start = place
        }
        let (rows, length) = (Double(order.count), Double(longest.count))
        guard length >= max(100, 0.02 * rows), longest.count < order.count else { return nil }
        guard length >= 20 * (rows - length) / Double(runs - 1) else { return nil }
        let first = Int(order[longest.lowerBound])
        var same = 0
        for row in order where view.isEqual(Int(row), first) { same += 1 }
        let share = (Double(same) - length) / (rows - length)
        if share > 0, share >= 1 || length <= 5 * log(rows) / -log(share) { return nil }
        return TemporalProfile.Standstill(
            column: view.name, value: view.isMissing(first) ? nil : view.text(first), rows: longest,
            start: axis.times[first], end: axis.times[Int(order[longest.upperBound - 1])])
    }
}
