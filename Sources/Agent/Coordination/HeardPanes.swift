/// The panes in which a version has made predictions, as runs of panes that follow each other: what is known of a version
/// at any boundary, however far the batches have gone beyond it.
struct HeardPanes: Codable, Equatable {
    /// First and last pane of each run, ascending.
    private var runs: [ClosedRange<Int64>] = []
    /// Beyond it the oldest runs are forgotten.
    private static let maximumRuns = 1_000

    init(_ panes: some Sequence<Int64> = []) {
        for pane in panes { insert(pane) }
    }

    mutating func insert(_ pane: Int64) {
        let place = runs.lastIndex { $0.lowerBound <= pane }
        if let place, runs[place].upperBound >= pane { return }
        let joinsLeft = place.map { runs[$0].upperBound == pane - 1 } ?? false
        let next = place.map { $0 + 1 } ?? 0
        let joinsRight = next < runs.count && runs[next].lowerBound == pane + 1
        switch (joinsLeft, joinsRight) {
        case (true, true):
            runs[next - 1] = runs[next - 1].lowerBound...runs[next].upperBound
            runs.remove(at: next)
        case (true, false): runs[next - 1] = runs[next - 1].lowerBound...pane
        case (false, true): runs[next] = pane...runs[next].upperBound
        case (false, false): runs.insert(pane...pane, at: next)
        }
        if runs.count > Self.maximumRuns { runs.removeFirst() }
    }

    /// The newest pane before a boundary; `nil` where there is none.
    func last(before boundary: Int64) -> Int64? {
        runs.last { $0.lowerBound < boundary }.map { min($0.upperBound, boundary - 1) }
    }

    /// Whether there is a pane at a boundary or after it.
    func reaches(_ boundary: Int64) -> Bool { (runs.last?.upperBound ?? .min) >= boundary }

    /// Forgets the panes before a boundary.
    mutating func drop(before boundary: Int64) {
        runs = runs.compactMap { run in
            run.upperBound < boundary ? nil : max(run.lowerBound, boundary)...run.upperBound
        }
    }

    /// Forgets what no question from `boundary` on needs.
    mutating func forget(before boundary: Int64) {
        guard let newest = runs.lastIndex(where: { $0.lowerBound < boundary }) else { return }
        runs.removeFirst(newest)
    }
}
