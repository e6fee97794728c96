/// What the rows look like along time.
public struct TemporalProfile: Sendable, Equatable {
    /// A stretch without a row that is much longer than the usual step.
    public struct Gap: Sendable, Equatable {
        public var start: Double
        public var end: Double
    }

    /// A disjoint part of the rows in order of time; all have about equally many.
    public struct Part: Sendable, Equatable {
        public var start: Double
        public var end: Double
        public var rows: Int
    }

    /// A stretch of rows, in order of time, in which a column that otherwise changes all the time holds one cell.
    public struct Standstill: Sendable, Equatable {
        public var column: String
        /// `nil` where no row of the stretch has a value.
        public var value: String?
        /// Places in the order of time, from 0.
        public var rows: Range<Int>
        public var start: Double
        public var end: Double
    }

    /// A column along the parts, against the first of them.
    public struct Drift: Sendable, Equatable {
        public var column: String
        /// PSI less its bias under no drift (`psi_excess`), 0 for the first part; `nil` where it cannot be computed.
        public var psi: [Double?]
        /// The mean, or of names the share of the most frequent one; `nil` without a value.
        public var levels: [Double?]
        /// Share of missing cells.
        public var missing: [Double]

        public var largest: (part: Int, psi: Double)? {
            psi.enumerated().compactMap { index, value in value.map { (index, $0) } }.max { $0.1 < $1.1 }
        }

        public static func == (left: Self, right: Self) -> Bool {
            left.column == right.column && left.psi == right.psi && left.levels == right.levels
                && left.missing == right.missing
        }
    }

    public var column: String
    /// Whether the numbers are microseconds since 1970 UTC, and not just an order.
    public var isCalendar: Bool
    /// Rows with a time.
    public var rows: Int
    public var missing: Int
    public var start: Double
    public var end: Double
    /// How often a row is earlier than the one before it, and the first row that is.
    public var backwards: Int
    public var firstBackwards: Int?
    /// Different times.
    public var distinct: Int
    /// The median difference of neighbouring different times, and the share of differences within 1 % of it; `nil` for
    /// fewer than two times.
    public var step: Double?
    public var regularShare: Double?
    /// All gaps, and the longest of them in order of time.
    public var gapCount: Int
    public var gaps: [Gap]
    public var parts: [Part]
    /// The largest PSI first.
    public var drift: [Drift]
    public var standstills: [Standstill]

    public static let shownGaps = 10
    /// A warning of `compare`.
    public static let notablePSI = 0.1
    public static let largePSI = 0.25
}

/// The times of the rows.
struct TimeAxis {
    let column: String
    let isCalendar: Bool
    /// NaN without one.
    let times: [Double]
    /// The rows that have a time, in its order; rows of one time in theirs.
    let order: [Int32]

    init(column: String, isCalendar: Bool, times: [Double]) {
        self.column = column
        self.isCalendar = isCalendar
        self.times = times
        let rows = times.indices.filter { times[$0].isFinite }
        order = RadixSort.order(rows.map { times[$0] }).map { Int32(rows[Int($0)]) }
    }

    /// Everything but what is said of other columns. - Precondition: at least one row has a time.
    func profile() -> TemporalProfile {
        var (backwards, firstBackwards) = (0, Int?.none)
        var previous = -Double.infinity
        for (row, time) in times.enumerated() where time.isFinite {
            if time < previous {
                backwards += 1
                firstBackwards = firstBackwards ?? row
            }
            previous = time
        }
        var distinct = 1
        var steps: [Double] = []
        for (before, row) in zip(order, order.dropFirst()) {
            let step = times[Int(row)] - times[Int(before)]
            if step > 0, step.isFinite { steps.append(step) }
            if step > 0 { distinct += 1 }
        }
        var profile = TemporalProfile(
            column: column, isCalendar: isCalendar, rows: order.count, missing: times.count - order.count,
            start: times[Int(order[0])], end: times[Int(order[order.count - 1])], backwards: backwards,
            firstBackwards: firstBackwards, distinct: distinct, gapCount: 0, gaps: [], parts: [], drift: [],
            standstills: [])
        addGaps(&profile, steps)
        return profile
    }

    /// Of regular steps, a gap is a step and a half or more; of irregular ones thirty median steps, which hardly one of a
    /// million arrivals by chance (Poisson) reaches.
    private func addGaps(_ profile: inout TemporalProfile, _ steps: [Double]) {
        guard !steps.isEmpty else { return }
        let sorted = RadixSort.ascending(steps)
        let step = NumericProfile.quantile(0.5, of: sorted)
        let regular = sorted.count { ($0 - step).magnitude <= 0.01 * step }
        let share = Double(regular) / Double(sorted.count)
        profile.step = step
        profile.regularShare = share
        let least = step * (share >= 0.8 ? 1.5 : 30)
        var gaps: [TemporalProfile.Gap] = []
        for (before, row) in zip(order, order.dropFirst()) {
            let (start, end) = (times[Int(before)], times[Int(row)])
            if end - start >= least { gaps.append(TemporalProfile.Gap(start: start, end: end)) }
        }
        profile.gapCount = gaps.count
        let longest = gaps.sorted { ($1.end - $1.start, $0.start) < ($0.end - $0.start, $1.start) }
        profile.gaps = longest.prefix(TemporalProfile.shownGaps).sorted { $0.start < $1.start }
    }

    /// Ranges of places in `order` with about equally many rows; rows of one time stay together.
    func parts(_ count: Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        for index in 1...count {
            var end = max(start, order.count * index / count)
            while end > start, end < order.count, times[Int(order[end])] == times[Int(order[end - 1])] { end += 1 }
            if end > start { parts.append(start..<end) }
            start = end
        }
        return parts
    }
}
