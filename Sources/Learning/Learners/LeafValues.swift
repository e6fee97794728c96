/// Writes leaf values into XGBoost's bytes of a model.
///
/// In a tree's object of the Universal Binary JSON, `split_conditions` holds per node the threshold, of a leaf its value:
/// `[` `$` `d` `#` `L`, the count (8 bytes) and the numbers (4 bytes each), all big-endian.
enum LeafValues {
    private static let key = Array("split_conditions[$d#L".utf8)

    /// - Parameters:
    ///   - bytes: a model without names of features, which could read like anything.
    ///   - leaves: per tree, by node, the value that replaces the leaf's.
    static func replace(in bytes: [UInt8], with leaves: [[Int: Float]]) throws(LearningError) -> [UInt8] {
        var bytes = bytes
        var position = 0
        for values in leaves {
            guard let start = firstRange(in: bytes, from: position) else { throw unexpected }
            let count = (0..<8).reduce(0) { $0 << 8 | Int(bytes[start + $1]) }
            guard (0...(bytes.count - start - 8) / 4).contains(count) else { throw unexpected }
            for (node, value) in values {
                guard node < count else { throw unexpected }
                for (index, byte) in withUnsafeBytes(of: value.bitPattern.bigEndian, Array.init).enumerated() {
                    bytes[start + 8 + 4 * node + index] = byte
                }
            }
            position = start + 8 + 4 * count
        }
        guard firstRange(in: bytes, from: position) == nil else { throw unexpected }
        return bytes
    }

    /// Where the count begins that follows the next key; `nil` if there is none (with eight bytes behind it).
    private static func firstRange(in bytes: [UInt8], from start: Int) -> Int? {
        var position = start
        while position + key.count + 8 <= bytes.count {
            if bytes[position] == key[0], bytes[position..<(position + key.count)].elementsEqual(key) {
                return position + key.count
            }
            position += 1
        }
        return nil
    }

    private static var unexpected: LearningError {
        LearningError(
            .libraryFailure, "the leaves of XGBoost's model could not be found",
            advice: "Use Debian's libxgboost 1.7; other versions may write models differently.")
    }
}
