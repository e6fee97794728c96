import Foundation
import Statistics

extension ComparedHistogram {
    private static let numericBins = 24
    private static let categoryBins = 12

    /// The picture of a pair; `nil` when neither side has a value.
    init?(_ pair: ColumnPair) {
        switch (pair.reference, pair.current) {
        case (.numeric(let reference), .numeric(let current)):
            self.init(reference: reference.filter(\.isFinite), current: current.filter(\.isFinite))
        case (.categories, .categories):
            self.init(reference: pair.reference.occurrences, current: pair.current.occurrences)
        default: preconditionFailure("a pair has one kind")
        }
    }

    /// Even bins over the middle 98 % of both sides; what lies outside is in the outer bins, so that one outlier
    /// does not squeeze the rest into a line.
    private init?(reference: [Double], current: [Double]) {
        let ranges = [reference, current].filter { !$0.isEmpty }.map { values in
            let sorted = values.sorted()
            return (sorted[sorted.count / 100], sorted[sorted.count - 1 - sorted.count / 100])
        }
        guard let low = ranges.map(\.0).min(), let high = ranges.map(\.1).max() else { return nil }
        let bins = high > low ? Self.numericBins : 1
        // Halves, because the difference of two finite numbers can be infinite.
        let step = high / Double(bins) - low / Double(bins)
        func bin(_ value: Double) -> Int {
            guard step > 0 else { return 0 }
            let position = value / step - low / step
            guard position.isFinite else { return value > low ? bins - 1 : 0 }
            return Int(max(0, min(Double(bins - 1), position.rounded(.down))))
        }
        func shares(_ values: [Double]) -> [Double] {
            var counts = [Int](repeating: 0, count: bins)
            for value in values { counts[bin(value)] += 1 }
            return counts.map { values.isEmpty ? 0 : Double($0) / Double(values.count) }
        }
        labels = (0..<bins).map { index in
            let start = String(format: "%.4g", low + Double(index) * step)
            return bins == 1 ? start : "\(start) … \(String(format: "%.4g", low + Double(index + 1) * step))"
        }
        self.reference = shares(reference)
        self.current = shares(current)
    }

    /// The most frequent categories of both sides together, then all others as one.
    private init?(reference: [String: Int], current: [String: Int]) {
        let totals = [reference, current].map { Double($0.values.reduce(0, +)) }
        guard totals[0] + totals[1] > 0 else { return nil }
        func share(_ count: Int?, _ side: Int) -> Double { totals[side] == 0 ? 0 : Double(count ?? 0) / totals[side] }
        var ranked: [(name: String, weight: Double)] = []
        for name in Set(reference.keys).union(current.keys) {
            ranked.append((name: name, weight: share(reference[name], 0) + share(current[name], 1)))
        }
        ranked.sort { $0.weight == $1.weight ? $0.name < $1.name : $0.weight > $1.weight }
        let shown = ranked.prefix(Self.categoryBins).map { $0.name }
        labels = shown
        self.reference = shown.map { share(reference[$0], 0) }
        self.current = shown.map { share(current[$0], 1) }
        guard ranked.count > shown.count else { return }
        labels.append("all others (\(ranked.count - shown.count))")
        self.reference.append(max(0, 1 - self.reference.reduce(0, +)))
        self.current.append(max(0, 1 - self.current.reduce(0, +)))
    }
}
