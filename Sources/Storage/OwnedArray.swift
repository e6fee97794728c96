/// A growing array of plain values in memory of its own, so that pointers into it may outlive a closure: they hold
/// until the next `append` or `removeAll`.
final class OwnedArray<Element: BitwiseCopyable> {
    private(set) var count = 0
    private var memory: UnsafeMutableBufferPointer<Element>

    init(minimumCapacity: Int) {
        precondition(minimumCapacity > 0)
        memory = .allocate(capacity: minimumCapacity)
    }

    deinit {
        memory.deallocate()
    }

    /// The elements; valid until the array changes.
    var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(rebasing: memory[0..<count]) }

    @inline(__always)
    func append(_ element: Element) {
        if count == memory.count { grow() }
        memory.initializeElement(at: count, to: element)
        count += 1
    }

    /// Forgets the elements and keeps the memory.
    func removeAll() { count = 0 }

    private func grow() {
        let larger = UnsafeMutableBufferPointer<Element>.allocate(capacity: memory.count * 2)
        _ = larger.initialize(fromContentsOf: elements)
        memory.deallocate()
        memory = larger
    }
}
