import Learning

/// Where numbers stand between two ends.
struct RateScale {
    let low: Double
    let high: Double

    init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// From the least to the largest of some numbers, but at least as wide as `width` around their middle: a flat course
    /// is to look flat. `nil` without a number.
    init?(_ values: [Double], width: Double) {
        guard let low = values.min(), let high = values.max(), low.isFinite, high.isFinite else { return nil }
        let missing = max(0, width / 2 - (high / 2 - low / 2))
        self.init(low: low - missing, high: high + missing)
    }

    /// Of a column's levels along time: at least half a standard deviation wide, of shares a tenth.
    init?(_ drift: TemporalProfile.Drift, _ profile: TableProfile) {
        let column = profile[drift.column]
        let width = column?.numeric.map { ($0.standardDeviation ?? 0) / 2 } ?? 0.1
        self.init(drift.levels.compactMap(\.self), width: width)
    }

    /// 0…1; the middle where both ends are one.
    func share(_ value: Double) -> Double {
        let width = high / 2 - low / 2
        return width > 0 ? min(1, max(0, (value / 2 - low / 2) / width)) : 0.5
    }
}

/// What the target's means of a column's bars are drawn on.
struct TargetScale {
    /// A mean of fewer rows is not drawn.
    static let leastRows = 10

    private let isShare: Bool
    private let name: String
    private let deviation: Double

    /// `nil` without a target that has means.
    init?(_ profile: TableProfile) {
        guard let target = profile.target, target.task != .none else { return nil }
        isShare = target.positive != nil
        name =
            target.positive.map { "share of \(ProfileFormat.name($0))" } ?? "mean of \(ProfileFormat.name(target.name))"
        deviation = profile[target.name]?.numeric?.standardDeviation ?? 0
    }

    /// Shares begin at 0; means span half of the target's standard deviation at least.
    func scale(_ cells: DistributionCells) -> RateScale? {
        let means = zip(cells.counts, cells.targetMeans).compactMap { $0.0 >= Self.leastRows ? $0.1 : nil }
        guard let largest = means.max() else { return nil }
        return isShare ? RateScale(low: 0, high: largest) : RateScale(means, width: deviation / 2)
    }

    func caption(_ scale: RateScale) -> String {
        let text = isShare ? ProfileFormat.share : ProfileFormat.number
        return "\(name): \(text(scale.low)) to \(text(scale.high))"
    }
}
