/// Numbers of a model's payload as little-endian bytes.
enum NumberBytes {
    static func bytes(_ numbers: [Float]) -> [UInt8] {
        numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
    }

    static func bytes(_ numbers: [Double]) -> [UInt8] {
        numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
    }

    /// - Throws: `LearningError(.corruptModel)` unless the bytes are exactly `count` finite numbers.
    static func floats(_ bytes: [UInt8], count: Int) throws(LearningError) -> [Float] {
        try check(bytes, count: count, width: 4)
        let numbers = bytes.withUnsafeBytes { raw in
            (0..<count).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        guard numbers.allSatisfy(\.isFinite) else { throw ModelContainer.corrupt("a weight is not a finite number") }
        return numbers
    }

    /// - Throws: `LearningError(.corruptModel)` unless the bytes are exactly `count` finite numbers.
    static func doubles(_ bytes: [UInt8], count: Int) throws(LearningError) -> [Double] {
        try check(bytes, count: count, width: 8)
        let numbers = bytes.withUnsafeBytes { raw in
            (0..<count).map {
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
            }
        }
        guard numbers.allSatisfy(\.isFinite) else { throw ModelContainer.corrupt("a weight is not a finite number") }
        return numbers
    }

    private static func check(_ bytes: [UInt8], count: Int, width: Int) throws(LearningError) {
        guard bytes.count == count * width else {
            throw ModelContainer.corrupt("\(bytes.count) bytes of weights, \(count * width) expected")
        }
    }
}
