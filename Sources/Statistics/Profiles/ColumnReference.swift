/// The reference of one column: it fixes the cells that windows are counted in, and holds the reference's own counts.
public struct ColumnReference: Codable, Sendable, Equatable {
    public let name: String
    public let kind: ColumnKind
    public let binning: Binning
    /// Per cell.
    public let counts: [Int64]
    /// Null, absent, NaN.
    public let missing: Int64
    /// ±∞.
    public let invalid: Int64
    /// Of the finite values; 0 where there are none.
    public let mean: Double
    /// Population standard deviation (divided by n) of the finite values; 0 where there are none.
    public let standardDeviation: Double
    public let minimum: Double?
    public let maximum: Double?
    /// At most 10,000 finite values, ascending, for the exact tests: all of them, or else evenly spaced order statistics
    /// of the sorted column. Unlike a random sample it depends on the values alone and not on their order.
    public let sample: [Double]
    /// Ascending hashes of the categories behind `other`; empty where all were kept, or where they are too many.
    public let otherHashes: [UInt64]
    /// What fixed-point sums of windows are taken against; `nil` where that is the column's own mean and spread. A part of
    /// a profile keeps what its whole was counted with.
    private(set) var sums: SumScale?

    /// - Throws: `StatisticsError(.invalidProfile)` where the parts contradict each other.
    public init(
        name: String, kind: ColumnKind, binning: Binning, counts: [Int64], missing: Int64, invalid: Int64, mean: Double,
        standardDeviation: Double, minimum: Double?, maximum: Double?, sample: [Double], otherHashes: [UInt64] = []
    ) throws(StatisticsError) {
        self.name = name
        self.kind = kind
        self.binning = binning
        self.counts = counts
        self.missing = missing
        self.invalid = invalid
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.minimum = minimum
        self.maximum = maximum
        self.sample = sample
        self.otherHashes = otherHashes
        if let reason = contradiction() {
            throw StatisticsError(
                .invalidProfile, "the reference of column \"\(name)\" is invalid: \(reason); build the profile again")
        }
    }

    /// For the builder, which cannot contradict itself.
    init(unchecked name: String, kind: ColumnKind, _ parts: Parts, sums: SumScale? = nil) {
        self.name = name
        self.kind = kind
        binning = parts.binning
        counts = parts.counts
        missing = parts.missing
        invalid = parts.invalid
        mean = parts.moments.mean
        standardDeviation = parts.moments.standardDeviation
        minimum = parts.moments.minimum
        maximum = parts.moments.maximum
        sample = parts.sample
        otherHashes = parts.otherHashes
        self.sums = sums
        assert(contradiction() == nil, "the builder made an invalid reference")
    }

    /// What the builder finds out about a column.
    struct Parts {
        var binning: Binning
        var counts: [Int64]
        var missing: Int64
        var invalid: Int64 = 0
        var moments = Moments()
        var sample: [Double] = []
        var otherHashes: [UInt64] = []
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            name: values.decode(String.self, forKey: .name), kind: values.decode(ColumnKind.self, forKey: .kind),
            binning: values.decode(Binning.self, forKey: .binning),
            counts: values.decode([Int64].self, forKey: .counts),
            missing: values.decode(Int64.self, forKey: .missing), invalid: values.decode(Int64.self, forKey: .invalid),
            mean: values.decode(Double.self, forKey: .mean),
            standardDeviation: values.decode(Double.self, forKey: .standardDeviation),
            minimum: values.decodeIfPresent(Double.self, forKey: .minimum),
            maximum: values.decodeIfPresent(Double.self, forKey: .maximum),
            sample: values.decode([Double].self, forKey: .sample),
            otherHashes: values.decodeIfPresent([UInt64].self, forKey: .otherHashes) ?? [])
        sums = try values.decodeIfPresent(SumScale.self, forKey: .sums)
    }

    public var cellCount: Int { binning.cellCount }
    /// Usable values.
    public var present: Int64 { counts.reduce(0, &+) }
    /// Usable values and the others.
    public var total: Int64 { present &+ missing &+ invalid }

    /// The divisor of fixed-point sums: the standard deviation, or 1 for a column without any spread; of a part, that of
    /// the whole.
    var scale: Double { sums?.scale ?? (standardDeviation.isNormal ? standardDeviation : 1) }
    /// What is taken off a value before it is summed: the mean; of a part, that of the whole.
    var origin: Double { sums?.origin ?? mean }
}

extension ColumnReference {
    private func contradiction() -> String? {
        let all = counts + [missing, invalid]
        guard counts.count == cellCount else { return "\(counts.count) counts for \(cellCount) cells" }
        guard all.allSatisfy({ $0 >= 0 && $0 <= 1 << 50 }) else { return "a count is negative or impossibly large" }
        guard ([mean, standardDeviation, minimum ?? 0, maximum ?? 0] + sample).allSatisfy(\.isFinite) else {
            return "a number is not finite"
        }
        guard standardDeviation >= 0 else { return "the standard deviation is negative" }
        guard minimum ?? 0 <= maximum ?? minimum ?? 0 else { return "the minimum is above the maximum" }
        guard zip(sample, sample.dropFirst()).allSatisfy({ $0 <= $1 }) else { return "the sample is not sorted" }
        return binningContradiction()
    }

    private func binningContradiction() -> String? {
        func ascends(_ values: [Double]) -> Bool {
            values.allSatisfy(\.isFinite) && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
        }
        switch binning {
        case .grid(let edges, let deciles):
            guard kind == .numeric else { return "a \(kind.rawValue) column has a grid" }
            guard ascends(edges) else { return "its edges do not ascend" }
            guard edges.count < Binning.maximumCells else { return "\(edges.count) edges are too many" }
            guard deciles.count == edges.count + 1, deciles.first == 0, deciles.last ?? 0 < 10,
                zip(deciles, deciles.dropFirst()).allSatisfy({ $1 == $0 || $1 == $0 + 1 })
            else { return "its deciles do not fit its edges" }
        case .discrete(let values):
            guard kind == .numeric else { return "a \(kind.rawValue) column has numeric values" }
            guard ascends(values) else { return "its values do not ascend" }
            guard values.count < Binning.maximumCells else { return "\(values.count) discrete values are too many" }
        case .categories(let names):
            guard kind != .numeric else { return "a numeric column has categories" }
            guard kind != .boolean || names == ["false", "true"] else { return "a boolean column has other categories" }
            guard names.count <= Binning.maximumCategories else { return "\(names.count) categories are too many" }
            guard Set(names.map { ExactText($0) }).count == names.count else { return "a category occurs twice" }
        }
        return nil
    }
}
