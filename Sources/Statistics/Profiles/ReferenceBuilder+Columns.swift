extension ReferenceBuilder {
    static let maximumSample = 10_000

    static func numericParts(_ values: [Double]) -> ColumnReference.Parts {
        // Adding zero turns −0 into 0: they are one value.
        var sorted = values.compactMap { $0.isFinite ? $0 + 0 : nil }
        sorted.sort()
        let missing = values.count(where: \.isNaN)
        let (binning, counts) = cells(sorted: sorted)
        return ColumnReference.Parts(
            binning: binning, counts: counts, missing: Int64(missing),
            invalid: Int64(values.count - missing - sorted.count), moments: Moments(sorted: sorted),
            sample: sample(sorted: sorted))
    }

    /// One cell per value if they are few, else the quantile grid.
    private static func cells(sorted: [Double]) -> (Binning, [Int64]) {
        var distinct: [Double] = []
        var counts: [Int64] = []
        for value in sorted {
            if value == distinct.last {
                counts[counts.count - 1] += 1
            } else {
                distinct.append(value)
                counts.append(1)
            }
            if distinct.count > Binning.maximumDistinctValues {
                let grid = QuantileGrid(sorted: sorted)
                return (
                    .grid(edges: grid.edges, decileOfCell: grid.decileOfCell),
                    QuantileGrid.counts(of: sorted, edges: grid.edges)
                )
            }
        }
        return (.discrete(values: distinct), counts + [0])
    }

    /// All values, or evenly spaced order statistics with the smallest and the largest among them.
    private static func sample(sorted: [Double]) -> [Double] {
        guard sorted.count > maximumSample else { return sorted }
        return (0..<maximumSample).map { sorted[$0 * (sorted.count - 1) / (maximumSample - 1)] }
    }

    static func categoricalParts(_ values: [String?]) -> ColumnReference.Parts {
        var frequencies: [ExactText: Int64] = [:]
        var missing: Int64 = 0
        for value in values {
            if let value { frequencies[ExactText(value), default: 0] += 1 } else { missing += 1 }
        }
        let ranked = frequencies.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        let kept = ranked.prefix(Binning.maximumCategories)
        let rest = ranked.dropFirst(Binning.maximumCategories)
        let hashes = rest.count > Binning.maximumOtherHashes ? [] : rest.map { ByteHash.hash(Array($0.key.text.utf8)) }
        return ColumnReference.Parts(
            binning: .categories(kept.map(\.key.text)),
            counts: kept.map(\.value) + [rest.reduce(0) { $0 + $1.value }, 0], missing: missing,
            otherHashes: hashes.sorted())
    }

    static func booleanParts(_ values: [Bool?]) -> ColumnReference.Parts {
        let positive = Int64(values.count { $0 == true })
        let negative = Int64(values.count { $0 == false })
        return ColumnReference.Parts(
            binning: .categories(["false", "true"]), counts: [negative, positive, 0, 0],
            missing: Int64(values.count) - positive - negative)
    }
}
