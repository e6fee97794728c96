/// Several samples along one line of values: how many of each sample lie at each distinct value, ascending. All that the
/// rank tests need.
struct RankedGroups {
    /// Per sample, then per distinct value.
    private(set) var counts: [[Double]]
    let sizes: [Double]

    var total: Double { sizes.reduce(0, +) }
    var distinct: Int { counts.first?.count ?? 0 }
    var hasTies: Bool { Double(distinct) < total }

    /// `nil` where a sample has no finite value; the values that are not finite are left out.
    init?(_ samples: [[Double]]) {
        let sorted = samples.map { sample in
            // Adding zero turns −0 into 0: they are one value.
            var finite = sample.compactMap { $0.isFinite ? $0 + 0 : nil }
            finite.sort()
            return finite
        }
        guard !sorted.isEmpty, sorted.allSatisfy({ !$0.isEmpty }) else { return nil }
        sizes = sorted.map { Double($0.count) }
        counts = sorted.map { _ in [] }
        var heads = sorted.map { _ in 0 }
        while let value = Self.next(sorted, heads) {
            for group in sorted.indices {
                let start = heads[group]
                while heads[group] < sorted[group].count, sorted[group][heads[group]] == value { heads[group] += 1 }
                counts[group].append(Double(heads[group] - start))
            }
        }
    }

    /// Two samples that were counted in the same ascending cells; a cell's values are taken as tied. `nil` where a sample
    /// is empty.
    init?(_ first: [Int64], _ second: [Int64]) {
        let cells = first.indices.filter { first[$0] > 0 || second[$0] > 0 }
        counts = [cells.map { Double(first[$0]) }, cells.map { Double(second[$0]) }]
        sizes = counts.map { $0.reduce(0, +) }
        guard sizes.allSatisfy({ $0 > 0 }) else { return nil }
    }

    /// Of all samples together, per distinct value.
    var pooled: [Double] {
        counts.dropFirst().reduce(into: counts[0]) { sums, group in
            for index in sums.indices { sums[index] += group[index] }
        }
    }

    private static func next(_ sorted: [[Double]], _ heads: [Int]) -> Double? {
        var smallest: Double?
        for group in sorted.indices where heads[group] < sorted[group].count {
            let value = sorted[group][heads[group]]
            smallest = smallest.map { min($0, value) } ?? value
        }
        return smallest
    }
}

extension RankedGroups {
    /// Σ (t³ − t) over the tied runs of t values.
    var tieTerm: Double { pooled.reduce(0) { $0 + ($1 * $1 * $1 - $1) } }

    /// The sum of each sample's midranks.
    var rankSums: [Double] {
        var below = 0.0
        var sums = sizes.map { _ in 0.0 }
        for index in 0..<distinct {
            let run = counts.reduce(0) { $0 + $1[index] }
            let rank = below + (run + 1) / 2
            for group in counts.indices { sums[group] += counts[group][index] * rank }
            below += run
        }
        return sums
    }
}
