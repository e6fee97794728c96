/// How the values of a column are distributed, for a picture: bars with counts, and the target's mean in each.
public struct DistributionCells: Sendable, Equatable {
    /// The ends of the bars of numbers, one more than there are bars; empty where bars have names.
    public var edges: [Double] = []
    /// The names of the bars; empty for ranges of numbers.
    public var labels: [String] = []
    public var counts: [Int] = []
    /// Numbers outside the bars, which cover the middle 99 %.
    public var below = 0
    public var above = 0
    /// Rows and values of the names that have no bar.
    public var others = (rows: 0, values: 0)
    /// The share of positives, or the target's mean, among the rows of each bar; `nil` for a bar without a row. Empty
    /// without a target that has one.
    public var targetMeans: [Double?] = []

    public static let numericBars = 30

    public static func == (left: Self, right: Self) -> Bool {
        left.edges == right.edges && left.labels == right.labels && left.counts == right.counts
            && left.below == right.below && left.above == right.above && left.others == right.others
            && left.targetMeans == right.targetMeans
    }
}

extension DistributionCells {
    /// - Parameter targets: 0 and 1, or numbers; NaN without one.
    init(_ view: ColumnView, targets: [Double]?) {
        switch view.cells {
        case .codes(let codes, let names): named(codes, names, view, targets)
        case .numbers(let numbers):
            guard !view.sorted.isEmpty else { return }
            if view.distinct <= CategoryProfile.shown, view.type != .time {
                values(numbers, view, targets)
            } else {
                ranges(numbers, view, targets)
            }
        }
    }

    private mutating func named(_ codes: [Int32], _ names: [String], _ view: ColumnView, _ targets: [Double]?) {
        let kept = CategoryProfile.ranked(names, view.counts, limit: CategoryProfile.shown)
        labels = kept.map { names[$0] }
        counts = kept.map { view.counts[$0] }
        others = (view.present - counts.reduce(0, +), view.distinct - kept.count)
        var bar = [Int](repeating: kept.count, count: names.count)
        for (index, code) in kept.enumerated() { bar[code] = index }
        addMeans(targets) { codes[$0] < 0 ? kept.count : bar[Int(codes[$0])] }
    }

    private mutating func values(_ numbers: [Double], _ view: ColumnView, _ targets: [Double]?) {
        let cuts = BinnedColumn.cuts(view.sorted, distinct: view.distinct, limit: CategoryProfile.shown)
        let ends = cuts + [view.sorted[view.sorted.count - 1]]
        labels = ends.map(NumberText.text)
        let upTo = ends.map { SortedSearch.countUpTo($0, in: view.sorted) }
        counts = upTo.indices.map { upTo[$0] - ($0 == 0 ? 0 : upTo[$0 - 1]) }
        let bars = labels.count
        cuts.withUnsafeBufferPointer { cuts in
            addMeans(targets) { numbers[$0].isFinite ? BinnedColumn.place(numbers[$0], in: cuts) : bars }
        }
    }

    private mutating func ranges(_ numbers: [Double], _ view: ColumnView, _ targets: [Double]?) {
        let sorted = view.sorted
        var low = sorted[sorted.count / 200]
        var high = sorted[sorted.count - 1 - sorted.count / 200]
        if low == high { (low, high) = (sorted[0], sorted[sorted.count - 1]) }
        var bars = Self.numericBars
        // Parts, because the difference of two finite numbers can be infinite.
        var step = high / Double(bars) - low / Double(bars)
        edges = (0...bars).map { $0 == bars ? high : low + Double($0) * step }
        if view.numeric?.isWhole == true, view.type != .time, high - low < 1e9 {
            // Bars of as many whole numbers each, or the numbers between two bars would look like holes.
            step = ((high - low + 1) / Double(bars)).rounded(.up)
            bars = Int(((high - low + 1) / step).rounded(.up))
            edges = (0...bars).map { low + Double($0) * step }
            high = edges[bars] - 1
        }
        let (first, last, width, count) = (low, high, step, bars)
        func bar(_ value: Double) -> Int {
            guard value >= first, value <= last else { return count }
            let distance = value - first
            let place = distance.isFinite ? distance / width : value / width - first / width
            return place.isFinite ? min(count - 1, Int(place)) : 0
        }
        let middle = SortedSearch.countBelow(low, in: sorted)..<SortedSearch.countUpTo(high, in: sorted)
        below = middle.lowerBound
        above = sorted.count - middle.upperBound
        counts = Array(repeating: 0, count: bars)
        for index in middle { counts[bar(sorted[index])] &+= 1 }
        addMeans(targets) { bar(numbers[$0]) }
    }

    /// - Parameter bar: of a row; the number of bars for a row that is in none.
    private mutating func addMeans(_ targets: [Double]?, bar: (Int) -> Int) {
        guard let targets else { return }
        var sums = [(sum: Double, count: Double)](repeating: (0, 0), count: counts.count + 1)
        for (row, target) in targets.enumerated() where target.isFinite {
            let index = bar(row)
            sums[index].sum += target
            sums[index].count += 1
        }
        targetMeans = sums.dropLast().map { $0.count > 0 ? $0.sum / $0.count : nil }
    }
}
