/// Owner of single-precision numbers at a fixed address, all 0 at first.
final class FloatBuffer {
    let start: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        self.count = count
        start = .allocate(capacity: max(count, 1))
        start.initialize(repeating: 0, count: max(count, 1))
    }

    convenience init(_ numbers: [Float]) {
        self.init(count: numbers.count)
        copy(numbers)
    }

    deinit { start.deallocate() }

    var numbers: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

    func copy(_ numbers: [Float]) {
        precondition(numbers.count == count, "as many numbers as the buffer has")
        numbers.withUnsafeBufferPointer { source in
            guard let address = source.baseAddress else { return }
            start.update(from: address, count: count)
        }
    }
}
