public import Statistics

/// A summary whose parts add up to the whole, in any order.
public protocol MergeableSummary: Sendable {
    mutating func merge(_ other: Self)
    func serialized() -> [UInt8]
    init(serialized bytes: [UInt8]) throws
}

extension PaneSummary: MergeableSummary {}
extension PerformanceSummary: MergeableSummary {}

/// The closed panes of one model version, merged over partitions, as far back as a window reaches.
public struct PaneStore<Summary: MergeableSummary>: Sendable {
    struct Entry: Sendable {
        var summary: Summary
        var partitions: Set<Int32>
    }

    private(set) var entries: [Int64: Entry] = [:]
    /// Their numbers, ascending, so that a batch costs what is new and not what is kept.
    private var numbers: [Int64] = []

    public init() {}

    /// Adds one partition's part of a pane. A part that is there already is left as it is: a partition that was read
    /// again after a restart closes the same panes with the same content. Returns whether it was new.
    @discardableResult
    public mutating func add(_ summary: Summary, pane: Int64, partition: Int32) -> Bool {
        guard var entry = entries[pane] else {
            insert(Entry(summary: summary, partitions: [partition]), at: pane)
            return true
        }
        guard entry.partitions.insert(partition).inserted else { return false }
        entry.summary.merge(summary)
        entries[pane] = entry
        return true
    }

    /// - Precondition: there is no such pane yet.
    mutating func insert(_ entry: Entry, at pane: Int64) {
        precondition(entries.updateValue(entry, forKey: pane) == nil, "a pane is there once")
        numbers.insert(pane, at: place(of: pane))
    }

    /// The newest pane; `nil` when there is none.
    public var newestPane: Int64? { numbers.last }
    /// The oldest pane; `nil` when there is none.
    public var oldestPane: Int64? { numbers.first }

    /// Whether there is nothing in a range of panes.
    public func isEmpty(from first: Int64, through last: Int64) -> Bool {
        let place = place(of: first)
        return place == numbers.count || numbers[place] > last
    }

    /// The oldest pane after `pane`; `nil` when there is none.
    public func firstPane(after pane: Int64) -> Int64? {
        let place = place(of: pane &+ 1)
        return place < numbers.count ? numbers[place] : nil
    }

    /// The newest pane before `pane`; `nil` when there is none.
    public func lastPane(before pane: Int64) -> Int64? {
        let place = place(of: pane)
        return place > 0 ? numbers[place - 1] : nil
    }

    /// How many numbers lie below: newest first, where nearly all questions are.
    private func place(of pane: Int64) -> Int {
        if let last = numbers.last, last < pane { return numbers.count }
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < pane { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What one pane holds; `nil` where it is empty.
    public subscript(pane: Int64) -> Summary? { entries[pane]?.summary }

    /// The sum of `count` panes up to and with `pane`; `nil` when all of them are empty.
    public func window(endingWith pane: Int64, panes count: Int64) -> Summary? {
        var sum: Summary?
        for number in (pane - count + 1)...pane {
            guard let entry = entries[number] else { continue }
            if sum == nil { sum = entry.summary } else { sum?.merge(entry.summary) }
        }
        return sum
    }

    /// The panes with content in a range, in order.
    public func panes(from first: Int64, before last: Int64) -> [(pane: Int64, summary: Summary)] {
        let start = place(of: first)
        return numbers[start..<max(start, place(of: last))].compactMap { pane in
            entries[pane].map { (pane: pane, summary: $0.summary) }
        }
    }

    /// Forgets panes that no later window contains.
    public mutating func drop(before pane: Int64) {
        let count = place(of: pane)
        guard count > 0 else { return }
        for number in numbers.prefix(count) { entries[number] = nil }
        numbers.removeFirst(count)
    }

    /// Forgets the panes whose summaries do not fit what is in force now.
    public mutating func keep(_ fits: (Summary) -> Bool) {
        for number in numbers {
            guard let entry = entries[number], !fits(entry.summary) else { continue }
            entries[number] = nil
        }
        numbers.removeAll { entries[$0] == nil }
    }
}
