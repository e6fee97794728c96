/// The slots of the join table that hold one id: nearly always none or one, which takes no memory.
struct WaitingMatches: Sequence {
    private var first: Int?
    private var others: [Int] = []

    mutating func append(_ slot: Int) {
        if first == nil { first = slot } else { others.append(slot) }
    }

    struct Iterator: IteratorProtocol {
        fileprivate var first: Int?
        fileprivate var others: ArraySlice<Int>

        mutating func next() -> Int? {
            if let slot = first {
                first = nil
                return slot
            }
            return others.popFirst()
        }
    }

    func makeIterator() -> Iterator { Iterator(first: first, others: others[...]) }
}
