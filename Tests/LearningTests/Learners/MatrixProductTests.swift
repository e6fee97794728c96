import Foundation
import Testing

@testable import Learning

@Suite struct MatrixProductTests {
    /// Every combination of transposed matrices against sums by hand.
    @Test func productsAreThoseByHand() {
        let (rows, columns, depth) = (3, 4, 5)
        let first = (0..<(rows * depth)).map { Double(($0 * 7) % 11) - 4 }
        let second = (0..<(depth * columns)).map { Double(($0 * 5) % 13) - 6 }
        for transposed in [[], .first, .second, [.first, .second]] as [MatrixProduct.Transposition] {
            var result = (0..<(rows * columns)).map { Double($0) }
            let expected = result.indices.map { index in
                let (row, column) = (index / columns, index % columns)
                let sum = (0..<depth).reduce(0.0) { sum, step in
                    let left = transposed.contains(.first) ? first[step * rows + row] : first[row * depth + step]
                    let right =
                        transposed.contains(.second) ? second[column * depth + step] : second[step * columns + column]
                    return sum + left * right
                }
                return 2 * sum + 3 * Double(index)
            }
            var single = result.map { Float($0) }
            MatrixProduct.add(
                first, second, to: &result, rows: rows, columns: columns, depth: depth, transposed: transposed,
                factor: 2, kept: 3)
            #expect(result == expected)
            MatrixProduct.add(
                first.map { Float($0) }, second.map { Float($0) }, to: &single, rows: rows, columns: columns,
                depth: depth, transposed: transposed, factor: 2, kept: 3)
            #expect(single == expected.map { Float($0) })
        }
    }

    /// The library alone gives wrong products here, as soon as two cores are free.
    @Test func productsOnSeveralThreadsAreRight() async {
        let size = 64
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<4 {
                group.addTask {
                    let matrix = (0..<(size * size)).map { Float(($0 * (task + 3)) % 101) / 10 }
                    var first = [Float](repeating: 0, count: size * size)
                    MatrixProduct.add(matrix, matrix, to: &first, rows: size, columns: size, depth: size)
                    var again = first
                    return (0..<40_000).count { _ in
                        MatrixProduct.add(matrix, matrix, to: &again, rows: size, columns: size, depth: size)
                        return memcmp(again, first, 4 * size * size) != 0
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
