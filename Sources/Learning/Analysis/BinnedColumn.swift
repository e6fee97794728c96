/// A column cut into few cells, for everything that counts against the target.
///
/// Numbers: each value by itself where there are at most `maximumBins` different ones of five rows each on average, else
/// bins of about equally many rows. Names: the `maximumCategories` most frequent, and all others as one. Cells without a
/// value are a cell of their own, because that something is missing can say as much as a value.
struct BinnedColumn {
    static let maximumBins = 64
    static let maximumCategories = 4_096

    /// The cell of every row.
    let bins: [Int32]
    let count: Int

    init(_ view: ColumnView) {
        switch view.cells {
        case .numbers(let numbers): self.init(numbers, sorted: view.sorted, distinct: view.distinct)
        case .codes(let codes, let names): self.init(codes, names: names, counts: view.counts)
        }
    }

    private init(_ numbers: [Double], sorted: [Double], distinct: Int) {
        // Values of which hardly one occurs twice would each know their own row.
        let limit = min(Self.maximumBins, max(4, sorted.count / 5))
        let cuts = Self.cuts(sorted, distinct: distinct, limit: limit)
        let bins = cuts.count + 1
        var hasMissing = false
        self.bins = cuts.withUnsafeBufferPointer { cuts in
            numbers.map { number in
                guard number.isFinite else {
                    hasMissing = true
                    return Int32(bins)
                }
                return Int32(Self.place(number, in: cuts))
            }
        }
        count = hasMissing ? bins + 1 : bins
    }

    private init(_ codes: [Int32], names: [String], counts: [Int]) {
        let kept = CategoryProfile.ranked(names, counts, limit: Self.maximumCategories)
        // 0 is missing, 1 all others.
        var place = [Int32](repeating: 1, count: names.count)
        for (index, code) in kept.enumerated() { place[code] = Int32(index + 2) }
        bins = codes.map { $0 < 0 ? 0 : place[Int($0)] }
        count = kept.count + 2
    }

    /// The upper ends, inclusive, of all bins but the last. About √n / 2 bins of many values, four at least.
    static func cuts(_ sorted: [Double], distinct: Int, limit: Int) -> [Double] {
        guard distinct > 1 else { return [] }
        var cuts: [Double] = []
        if distinct <= limit {
            var previous = sorted[0]
            for value in sorted where value != previous {
                cuts.append(previous)
                previous = value
            }
            return cuts
        }
        let bins = max(4, min(limit, Int(Double(sorted.count).squareRoot() / 2)))
        for index in 1..<bins {
            let cut = sorted[index * sorted.count / bins - 1]
            if cut > cuts.last ?? -.infinity, cut < sorted[sorted.count - 1] { cuts.append(cut) }
        }
        return cuts
    }

    /// How many cuts lie below the number.
    @inline(__always)
    static func place(_ number: Double, in cuts: UnsafeBufferPointer<Double>) -> Int {
        var low = 0
        var length = cuts.count
        while length > 0 {
            let half = length / 2
            let isAbove = cuts[low &+ half] < number
            low = isAbove ? low &+ half &+ 1 : low
            length = isAbove ? length &- half &- 1 : half
        }
        return low
    }
}
